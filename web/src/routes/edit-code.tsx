import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { toast } from "@/components/toast";
import { codeQuery } from "@/features/qr/api";
import { LookStudio } from "@/features/qr/studio/look-studio";

import { NoCode } from "./no-code";

const route = getRouteApi("/inside/app/codes/$codeId/edit");

export function EditCodePage() {
  const { t } = useLingui();
  const { codeId } = route.useParams();
  const navigate = useNavigate();
  const { data: code, error, refetch } = useQuery(codeQuery(codeId));
  const back = () => void navigate({ to: "/app/codes/$codeId", params: { codeId } });
  if (!code) return <NoCode error={error} onRetry={() => void refetch()} />;
  return (
    <LookStudio
      code={code}
      onBack={back}
      onSaved={() => {
        toast({ text: t`The new look is saved` });
        back();
      }}
    />
  );
}
