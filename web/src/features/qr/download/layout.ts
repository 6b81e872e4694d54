export type Paper = { width: number; height: number };
export type Sheet = { columns: number; rows: number; perPage: number; pages: number; cell: Paper };

/** In mm. */
export const PAPERS = { a4: { width: 210, height: 297 }, letter: { width: 215.9, height: 279.4 } } as const;
const MARGIN = 10;
const GAP = 6;

/** How many pictures of a size fit on a page beside each other, with room to cut; null when not even one does. */
export function layout(paper: Paper, picture: Paper, copies: number): Sheet | null {
  const room = { width: paper.width - 2 * MARGIN, height: paper.height - 2 * MARGIN };
  const cell = { width: picture.width + GAP, height: picture.height + GAP };
  const columns = Math.floor(room.width / cell.width);
  const rows = Math.floor(room.height / cell.height);
  const perPage = columns * rows;
  return perPage === 0 ? null : { columns, rows, perPage, pages: Math.ceil(copies / perPage), cell };
}

/** Where the cells of a page begin, in mm from its corner; the grid stands in the middle of the page. */
export function places(paper: Paper, sheet: Sheet, count: number): { x: number; y: number }[] {
  const left = (paper.width - sheet.columns * sheet.cell.width) / 2;
  return Array.from({ length: count }, (_, index) => ({
    x: left + (index % sheet.columns) * sheet.cell.width,
    y: MARGIN + Math.floor(index / sheet.columns) * sheet.cell.height,
  }));
}
