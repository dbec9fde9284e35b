export { faultKinds } from './faults/create-faults.ts';
export { renderReport } from './render-report.ts';
export { type Expectation, expectations, type VerifyReport } from './report.ts';
export type { VerifyProgress, VerifyRequest, VerifySurroundings } from './verify-request.ts';
export { verifyWorkflow } from './verify-workflow.ts';
