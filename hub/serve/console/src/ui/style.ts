// What every part shares: buttons, fields, quiet words, focus.

import { css } from "lit";

export const shared = css`
  :host {
    box-sizing: border-box;
    display: block;
    min-width: 0;
  }
  :host([hidden]) {
    display: none;
  }
  *, *::before, *::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
    border-radius: var(--radius);
  }
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: 1px solid transparent;
    border-radius: var(--radius);
    padding: 0 8px;
    min-height: 28px;
    cursor: pointer;
    white-space: nowrap;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 4px;
  }
  button:hover:not(:disabled) {
    background: var(--hover);
  }
  button:disabled {
    cursor: default;
    color: var(--ink-3);
  }
  button.line {
    border-color: var(--line-strong);
    color: var(--accent);
    background: var(--surface);
  }
  button.line:hover:not(:disabled) {
    background: var(--accent-soft);
    border-color: var(--accent);
  }
  button.line:disabled {
    color: var(--ink-3);
    border-color: var(--line);
  }
  button.main {
    background: var(--accent);
    color: var(--on-accent);
    border-color: var(--accent);
  }
  button.main:hover:not(:disabled) {
    background: var(--accent);
    filter: brightness(1.08);
  }
  button.main:disabled {
    background: var(--line);
    border-color: var(--line);
    color: var(--ink-3);
  }
  button.icon {
    padding: 0;
    width: 28px;
  }
  button.link {
    padding: 0;
    min-height: 20px;
    color: var(--accent);
  }
  button.link:hover:not(:disabled) {
    background: none;
    text-decoration: underline;
  }
  input, select, textarea {
    font: inherit;
    color: var(--ink);
    background: var(--surface);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    padding: 3px 8px;
    min-height: 32px;
  }
  ::placeholder {
    color: var(--ink-3);
    opacity: 1;
  }
  input[type="checkbox"], input[type="radio"] {
    min-height: 0;
    accent-color: var(--accent);
    margin: 0;
  }
  h1, h2, h3, p, ul, ol, dl, dd {
    margin: 0;
    padding: 0;
  }
  ul, ol {
    list-style: none;
  }
  a {
    color: var(--accent);
  }
  .quiet {
    color: var(--ink-3);
  }
  .small {
    font-size: var(--t12);
    line-height: 16px;
  }
  .cut {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    min-width: 0;
  }
  .grow {
    flex: 1;
    min-width: 0;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  svg {
    flex: none;
    display: block;
  }
  .light-green { color: var(--green); }
  .light-yellow { color: var(--yellow); }
  .light-red { color: var(--red); }
  .light-none, .light-grey { color: var(--ink-3); }
  .critical { color: var(--critical); }
  .high { color: var(--high); }
  .medium { color: var(--medium); }
  .low { color: var(--low); }
  .info { color: var(--info); }
`;
