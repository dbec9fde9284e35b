export { faultKinds } from './faults/create-faults.ts';
export { renderReport } from './render-report.ts';
export { type Expectation, expectations, type VerifyReport } from './report.ts';
export { type VerifyProgress, type VerifyRequest, verifyWorkflow } from './verify-workflow.ts';
