import type { ComponentChildren } from 'preact';

export interface Column<T> {
  label: string;
  /** Numbers stand under each other. */
  number?: boolean;
  /** Buttons say themselves what they do: the heading is for those who can't see them. */
  unseen?: boolean;
  /** What the row is about. */
  names?: boolean;
  cell: (item: T) => ComponentChildren;
}

interface TableProps<T> {
  /** Stands above it, and frames it. */
  caption?: string;
  columns: readonly Column<T>[];
  items: T[];
  keyOf: (item: T) => string;
}

/** A row for each item; on a phone each row is a small list of its own. */
export function Table<T>({ caption, columns, items, keyOf }: TableProps<T>) {
  return (
    <div class={caption ? 'wide panel' : 'wide'}>
      <table class="stacks">
        {caption && <caption>{caption}</caption>}
        <thead>
          <tr>
            {columns.map(({ label, number, unseen }) => (
              <th key={label} scope="col" class={number ? 'number' : undefined}>
                <span class={unseen ? 'unseen' : undefined}>{label}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={keyOf(item)}>
              {columns.map(({ label, number, unseen, names, cell }) =>
                names ? (
                  <th key={label} scope="row">
                    {cell(item)}
                  </th>
                ) : (
                  <td
                    key={label}
                    class={number ? 'number' : undefined}
                    data-label={unseen ? undefined : label}
                  >
                    <div>{cell(item)}</div>
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
