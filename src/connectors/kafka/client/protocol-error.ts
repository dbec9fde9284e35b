import errors from 'kafkajs/src/protocol/error.js';

/** Throws the error that Kafka's protocol gives that number, with its `type`. */
export function throwKafkaError(code: number): never {
  throw errors.createErrorFromCode(code);
}

/** Kafka's name of an error code, such as `MESSAGE_TOO_LARGE`. */
export function typeOfCode(code: number): string {
  return errors.createErrorFromCode(code).type;
}
