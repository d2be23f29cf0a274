/* SPDX-License-Identifier: Apache-2.0 */
import type { ButtonHTMLAttributes, ReactElement, ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

interface BtnProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: "primary" | "quiet";
  small?: boolean;
  icon?: IconName;
  hotkey?: string;
  busy?: boolean;
  children?: ReactNode;
}

export function Btn({
  kind,
  small,
  icon,
  hotkey,
  busy,
  children,
  className,
  disabled,
  ...rest
}: BtnProps): ReactElement {
  const names = ["btn", kind, small && "small", !children && "icon", className].filter(Boolean).join(" ");
  return (
    <button type="button" className={names} disabled={disabled || busy} aria-busy={busy || undefined} {...rest}>
      {hotkey && <kbd aria-hidden="true">{hotkey}</kbd>}
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface ChipProps {
  on?: boolean;
  icon?: IconName;
  onClick: () => void;
  onDrop?: () => void;
  dropLabel?: string;
  children: ReactNode;
}

/* A filter: pressed or not. With onDrop it shows a cross that takes it away. */
export function Chip({ on, icon, onClick, onDrop, dropLabel, children }: ChipProps): ReactElement {
  return (
    <span className={on ? "chip on" : "chip"}>
      <button type="button" aria-pressed={on ?? false} onClick={onClick} className="chip-main">
        {icon && <Icon name={icon} />}
        {children}
      </button>
      {onDrop && (
        <button type="button" aria-label={dropLabel} onClick={onDrop}>
          <Icon name="x" />
        </button>
      )}
    </span>
  );
}
