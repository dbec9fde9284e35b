export { drawRunProgress, type RunProgress, RunView } from './run-progress.tsx';
export { runTui, type TuiOptions } from './run-tui.tsx';
