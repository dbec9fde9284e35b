export { drawRunProgress, type RunProgress, RunView } from './run-progress.tsx';
