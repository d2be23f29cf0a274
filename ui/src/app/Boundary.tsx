/* SPDX-License-Identifier: Apache-2.0 */
import { Component, type ReactElement, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Btn } from "../ui/Btn";

function Crashed(): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="gate">
      <div className="note failed" role="alert">
        {t("error.crashed")}
      </div>
      <Btn onClick={() => location.reload()}>{t("error.reload")}</Btn>
    </div>
  );
}

export class Boundary extends Component<{ children: ReactNode; at?: string }, { failedAt: string | null }> {
  override state = { failedAt: null as string | null };

  static getDerivedStateFromError(): { failedAt: string } {
    return { failedAt: location.hash };
  }

  override componentDidUpdate(): void {
    /* another page is another try */
    if (this.state.failedAt !== null && this.props.at !== undefined && this.state.failedAt !== location.hash)
      this.setState({ failedAt: null });
  }

  override render(): ReactNode {
    return this.state.failedAt === null ? this.props.children : <Crashed />;
  }
}
