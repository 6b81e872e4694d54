import { Trans } from "@lingui/react/macro";
import { Button, type ButtonProps } from "@mantine/core";

type Props = {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
  size?: ButtonProps["size"];
};

/** Fetches the next part of a list; nothing when all of it is shown. */
export function ShowMore({ list, size }: Props) {
  if (!list.hasNextPage) return null;
  return (
    <Button
      variant="default"
      {...(size ? { size } : {})}
      loading={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
    >
      <Trans>Show more</Trans>
    </Button>
  );
}
