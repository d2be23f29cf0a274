/* SPDX-License-Identifier: Apache-2.0 */
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["dist", "node_modules"] },
  ...ts.configs.strict,
  {
    files: ["src/**/*.{ts,tsx}", "vite.config.ts"],
    plugins: { "react-hooks": hooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "max-lines": ["error", 600],
      "max-lines-per-function": ["error", { max: 70, skipComments: true }],
      "max-depth": ["error", 3],
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  {
    /* a test file is one long table of cases */
    files: ["src/**/*.test.ts"],
    rules: { "max-lines-per-function": "off" },
  },
);
