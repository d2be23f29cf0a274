/* SPDX-License-Identifier: Apache-2.0 */
/* The list of every page: TanStack Table for columns and sorting, TanStack Virtual so that only rows in sight exist.
   On a phone each row is drawn by `phone` as one card instead of columns. */
import {
  flexRender,
  getCoreRowModel,
  getSortedRowModel,
  useReactTable,
  type ColumnDef,
  type Header,
  type Row,
  type RowData,
  type SortingState,
  type Table,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, type CSSProperties, type ReactElement, type ReactNode } from "react";
import { Icon } from "./Icon";
import { usePhone } from "./phone";

declare module "@tanstack/react-table" {
  interface ColumnMeta<TData extends RowData, TValue> {
    /* a CSS grid track: "120px", "minmax(0, 1fr)" */
    track?: string;
    right?: boolean;
    _row?: TData;
    _value?: TValue;
  }
}

export interface VirtualTableProps<T> {
  label: string;
  rows: T[];
  columns: ColumnDef<T>[];
  id: (row: T) => string;
  height: number;
  phoneHeight?: number;
  phone?: (row: T) => ReactNode;
  selected?: string | null;
  edge?: (row: T) => "failed" | "unknown" | "" | undefined;
  onOpen?: (row: T) => void;
  more?: (() => void) | undefined;
  footer?: ReactNode;
}

const collator = new Intl.Collator("vi", { numeric: true, sensitivity: "base" });

function compare<T>(a: Row<T>, b: Row<T>, column: string): number {
  const [x, y] = [a.getValue<unknown>(column), b.getValue<unknown>(column)];
  if (typeof x === "number" && typeof y === "number") return x - y;
  return collator.compare(String(x ?? ""), String(y ?? ""));
}

function HeadCell<T>({ header }: { header: Header<T, unknown> }): ReactElement {
  const sorted = header.column.getIsSorted();
  const right = header.column.columnDef.meta?.right;
  const text = flexRender(header.column.columnDef.header, header.getContext());
  return (
    <span
      role="columnheader"
      className={right ? "right" : ""}
      aria-sort={sorted ? (sorted === "asc" ? "ascending" : "descending") : undefined}
    >
      {header.column.getCanSort() ? (
        <button type="button" onClick={header.column.getToggleSortingHandler()}>
          {text}
          {sorted && <Icon name="down" className={sorted === "asc" ? "ic flip" : "ic"} />}
        </button>
      ) : (
        text
      )}
    </span>
  );
}

function Head<T>({ table, style }: { table: Table<T>; style: CSSProperties }): ReactElement {
  return (
    <div role="rowgroup" className="vt-head">
      {table.getHeaderGroups().map((group) => (
        <div key={group.id} role="row" className="vt-row head" style={style}>
          {group.headers.map((h) => (
            <HeadCell key={h.id} header={h} />
          ))}
        </div>
      ))}
    </div>
  );
}

interface BodyRowProps<T> {
  row: Row<T>;
  props: VirtualTableProps<T>;
  phone: boolean;
  style: CSSProperties;
}

function BodyRow<T>({ row, props, phone, style }: BodyRowProps<T>): ReactElement {
  const open = props.onOpen;
  const names = ["vt-row", props.selected === row.id && "sel", props.edge?.(row.original), open && "act"];
  return (
    <div
      role="row"
      className={names.filter(Boolean).join(" ")}
      style={style}
      aria-selected={props.selected === undefined ? undefined : props.selected === row.id}
      tabIndex={open ? 0 : undefined}
      onClick={open && (() => open(row.original))}
      onKeyDown={(e) => {
        if (e.key === "Enter" && e.target === e.currentTarget) open?.(row.original);
      }}
    >
      {phone && props.phone ? (
        <div role="cell" className="vt-phone">
          {props.phone(row.original)}
        </div>
      ) : (
        row.getVisibleCells().map((cell) => (
          <div key={cell.id} role="cell" className={cell.column.columnDef.meta?.right ? "right" : ""}>
            {flexRender(cell.column.columnDef.cell, cell.getContext())}
          </div>
        ))
      )}
    </div>
  );
}

export function VirtualTable<T>(props: VirtualTableProps<T>): ReactElement {
  const [sorting, setSorting] = useState<SortingState>([]);
  const phone = usePhone() && props.phone !== undefined;
  const box = useRef<HTMLDivElement>(null);
  const table = useReactTable({
    data: props.rows,
    columns: props.columns,
    getRowId: props.id,
    state: { sorting },
    onSortingChange: setSorting,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
    defaultColumn: { sortingFn: compare, enableSorting: true },
  });
  const rows = table.getRowModel().rows;
  const height = phone ? (props.phoneHeight ?? props.height) : props.height;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items[items.length - 1]?.index ?? 0;
  const { more } = props;
  useEffect(() => {
    if (more && rows.length > 0 && last >= rows.length - 20) more();
  }, [last, rows.length, more]);
  useEffect(() => virtual.measure(), [virtual, height]);
  const tracks = table.getVisibleLeafColumns().map((c) => c.columnDef.meta?.track ?? "minmax(0, 1fr)");
  const grid: CSSProperties = phone ? {} : { gridTemplateColumns: tracks.join(" ") };
  return (
    <div ref={box} className="vt" role="table" aria-label={props.label} aria-rowcount={rows.length} tabIndex={-1}>
      {!phone && <Head table={table} style={grid} />}
      <div role="rowgroup" className="vt-body" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          const style = { ...grid, height, transform: `translateY(${item.start}px)` };
          return row && <BodyRow key={row.id} row={row} props={props} phone={phone} style={style} />;
        })}
      </div>
      {props.footer}
    </div>
  );
}
