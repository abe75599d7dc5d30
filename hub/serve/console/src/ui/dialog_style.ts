// The look of what stands in a dialogue.

import { css } from "lit";

export const dialogStyle = css`
  form { display: grid; gap: 16px; }
  .lead { color: var(--ink-2); }
  .field { display: grid; gap: 4px; }
  .field > span { font-size: var(--t12); color: var(--ink-2); }
  textarea { min-height: 64px; resize: vertical; }
  .buttons { display: flex; gap: 8px; justify-content: flex-end; align-items: center; }
  .buttons button { min-height: 32px; padding: 0 16px; }
  .choices { border: 1px solid var(--line); border-radius: var(--radius); max-height: 320px; overflow-y: auto; }
  .choices label { display: grid; grid-template-columns: 16px 16px minmax(0, 1fr) auto; gap: 8px; align-items: center; padding: 8px 12px; cursor: pointer; }
  .choices label + label { border-top: 1px solid var(--line); }
  .choices label:hover { background: var(--hover); }
  .choices label.on { background: var(--accent-soft); }
  .who { min-width: 0; }
  .who strong { font-weight: 600; }
  .result { padding: 8px 12px; background: var(--raised); border-left: 3px solid var(--line-strong); }
  .badge { font-size: 11px; line-height: 16px; padding: 0 3px; border-radius: 3px; background: var(--raised); border: 1px solid var(--line); color: var(--ink-2); }
`;
