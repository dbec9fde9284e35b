export { labels, type RegisteredService } from './service.ts';
