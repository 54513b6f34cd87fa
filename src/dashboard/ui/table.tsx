import type { ComponentChildren } from 'preact';

export interface Column<T> {
  label: string;
  /** Numbers stand under each other. */
  number?: boolean;
  /** Buttons say themselves what they do: the heading is for those who can't see them. */
  unseen?: boolean;
  cell: (item: T) => ComponentChildren;
}

interface TableProps<T> {
  columns: readonly Column<T>[];
  items: T[];
  keyOf: (item: T) => string;
}

/** A row for each item; on a phone each row is a small list of its own. */
export function Table<T>({ columns, items, keyOf }: TableProps<T>) {
  return (
    <div class="wide">
      <table class="stacks">
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
              {columns.map(({ label, number, unseen, cell }) => (
                <td key={label} class={number ? 'number' : undefined} data-label={unseen ? undefined : label}>
                  <div>{cell(item)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
