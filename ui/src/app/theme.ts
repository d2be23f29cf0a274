/* SPDX-License-Identifier: Apache-2.0 */
/* Mantine on the tokens of styles/tokens.css: every colour stays a CSS variable, so no component asks for the theme. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

function tuple(soft: string, fill: string, ink: string): MantineColorsTuple {
  const [s, f, i] = [`var(${soft})`, `var(${fill})`, `var(${ink})`];
  return [s, s, s, i, f, f, f, i, i, s];
}

const accent: MantineColorsTuple = [
  "var(--accent-soft)",
  "var(--accent-soft)",
  "var(--accent-soft)",
  "var(--accent)",
  "var(--accent)",
  "var(--accent)",
  "var(--accent)",
  "var(--accent-hover)",
  "var(--accent-hover)",
  "var(--accent-hover)",
];

const control = { size: "sm" } as const;

export const theme = createTheme({
  fontFamily: "var(--font-text)",
  fontFamilyMonospace: "var(--font-data)",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "1.4", sm: "1.4", md: "1.55", lg: "1.55", xl: "1.4" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "20px", xl: "24px" },
  radius: { xs: "3px", sm: "6px", md: "10px" },
  defaultRadius: "sm",
  primaryColor: "accent",
  primaryShade: { light: 6, dark: 4 },
  colors: {
    accent,
    met: tuple("--met-soft", "--met-fill", "--met"),
    failed: tuple("--failed-soft", "--failed-fill", "--failed"),
    unknown: tuple("--unknown-soft", "--unknown-fill", "--unknown"),
    attested: tuple("--attested-soft", "--attested-fill", "--attested"),
    na: tuple("--na-soft", "--na-fill", "--na"),
  },
  shadows: { sm: "var(--shadow-1)", md: "var(--shadow-2)", xl: "var(--shadow-3)" },
  cursorType: "pointer",
  focusRing: "auto",
  /* by name, not by component: what a page does not draw is not loaded with the first one */
  components: {
    Button: { defaultProps: control },
    TextInput: { defaultProps: control },
    PasswordInput: { defaultProps: control },
    Select: { defaultProps: { ...control, comboboxProps: { shadow: "md" }, checkIconPosition: "right" } },
    MultiSelect: { defaultProps: control },
    NumberInput: { defaultProps: control },
    FileInput: { defaultProps: control },
    Textarea: { defaultProps: { ...control, autosize: true, minRows: 2 } },
    Checkbox: { defaultProps: control },
    Modal: { defaultProps: { radius: "md", shadow: "xl", transitionProps: { duration: 90 } } },
    Drawer: { defaultProps: { transitionProps: { duration: 90 } } },
    Menu: { defaultProps: { shadow: "md" } },
    Tooltip: { defaultProps: { openDelay: 250, transitionProps: { duration: 90 }, withArrow: false } },
  },
});

export const resolver: CSSVariablesResolver = () => {
  const shared = {
    "--mantine-color-body": "var(--bg)",
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-dimmed": "var(--ink-2)",
    "--mantine-color-default": "var(--surface)",
    "--mantine-color-default-hover": "var(--hover)",
    "--mantine-color-default-color": "var(--ink)",
    "--mantine-color-default-border": "var(--line-strong)",
    "--mantine-color-placeholder": "var(--ink-3)",
    "--mantine-color-anchor": "var(--accent)",
    "--mantine-color-error": "var(--failed)",
    "--mantine-color-disabled": "var(--sunken)",
    "--mantine-color-disabled-color": "var(--ink-3)",
    "--mantine-color-accent-contrast": "var(--on-accent)",
    "--mantine-primary-color-contrast": "var(--on-accent)",
  };
  return { variables: {}, light: shared, dark: shared };
};

export function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
}
