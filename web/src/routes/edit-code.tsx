import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { toast } from "@/components/toast";
import { Failure, Skeleton } from "@/components/states";
import { codeQuery } from "@/features/qr/api";
import { LookStudio } from "@/features/qr/studio/look-studio";

const route = getRouteApi("/inside/app/codes/$codeId/edit");

export function EditCodePage() {
  const { t } = useLingui();
  const { codeId } = route.useParams();
  const navigate = useNavigate();
  const { data: code, error, refetch } = useQuery(codeQuery(codeId));
  const back = () => void navigate({ to: "/app/codes/$codeId", params: { codeId } });
  if (!code) {
    return (
      <main id="main" className="alone">
        {error ? (
          <Failure
            error={error}
            title={t`We cannot show this code right now`}
            stillWorks={t`It goes on working, and every scan is still being counted.`}
            onRetry={() => void refetch()}
          />
        ) : (
          <Skeleton rows={3} />
        )}
      </main>
    );
  }
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
