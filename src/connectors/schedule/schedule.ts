import type { Connector } from '../connector.ts';

/** Times of a calendar as messages. */
export const schedule: Connector = {
  name: 'schedule',
  aliases: ['cron'],
  source: {
    schema: {
      type: 'object',
      properties: {
        cron: {
          type: 'string',
          minLength: 1,
          description:
            'When: minute, hour, day, month and weekday, as cron has them; a sixth field in front is seconds.',
        },
        timezone: {
          type: 'string',
          minLength: 1,
          description: 'Whose clock the times are of: Europe/Berlin. By default UTC.',
        },
        missed: {
          enum: ['skip', 'run', 'all'],
          description:
            'What is done for times that passed while the workflow did not run: nothing, one message, or one each.',
        },
      },
      required: ['cron'],
      additionalProperties: false,
    },
    short: 'cron',
    remembers: 'nstack',
    check: async (context) => void (await import('./open-schedule.ts')).readSchedule(context),
    open: async (context) => (await import('./open-schedule.ts')).openSchedule(context),
  },
};
