export { type OpenedService, type OpenServiceOptions, openService } from './open-service.ts';
export { labels, type RegisteredService } from './service.ts';
