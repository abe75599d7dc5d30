// The look of a section of the detail.

import { css } from "lit";

export const sectionStyle = css`
  :host { padding-top: 20px; }
  h3 { font-size: var(--t14); line-height: 20px; font-weight: 600; display: flex; align-items: baseline; gap: 8px; padding-bottom: 8px; }
  h3 .n { color: var(--ink-3); font-weight: 400; }
  h3 .aside { font-weight: 400; color: var(--ink-3); font-size: var(--t12); margin-left: auto; }
`;
