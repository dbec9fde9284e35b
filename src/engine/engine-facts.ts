/** What was learnt of an engine when it was found. */
export interface EngineFacts {
  readonly description: string;
  /** Kernel release of the machine the engine runs on. */
  readonly kernel: string;
  readonly transport: 'pipes' | 'attach' | undefined;
}
