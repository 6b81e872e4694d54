import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { toast } from "@/components/toast";
import { codeQuery } from "@/features/qr/api";
import { EditStudio } from "@/features/qr/studio/edit-studio";

import { NoCode } from "./no-code";

const route = getRouteApi("/inside/app/codes/$codeId/edit");

/** The studio over a code that is there. Each step has an address of its own. */
export function EditCodePage() {
  const { t } = useLingui();
  const { codeId } = route.useParams();
  const { step = "look", fresh = false } = route.useSearch();
  const navigate = useNavigate();
  const { data: code, error, refetch } = useQuery(codeQuery(codeId));
  if (!code) return <NoCode error={error} onRetry={() => void refetch()} />;
  return (
    <EditStudio
      key={code.id}
      code={code}
      fresh={fresh}
      step={step}
      onStep={(next) =>
        void navigate({
          to: "/app/codes/$codeId/edit",
          params: { codeId },
          search: { step: next, ...(fresh ? { fresh } : {}) },
          replace: true,
        })
      }
      onBack={() =>
        void navigate({ to: "/app/codes/$codeId", params: { codeId }, search: fresh ? { fresh } : {} })
      }
      onSaved={() => toast({ text: t`Saved` })}
    />
  );
}
