import { useNavigate } from "@tanstack/react-router";

import { NewStudio } from "@/features/qr/studio/new-studio";

export function NewCodePage() {
  const navigate = useNavigate();
  return (
    <NewStudio
      onBack={() => void navigate({ to: "/app" })}
      onSaved={(code) =>
        void navigate({
          to: "/app/codes/$codeId/edit",
          params: { codeId: code.id },
          search: { step: "download", fresh: true },
          replace: true,
        })
      }
    />
  );
}
