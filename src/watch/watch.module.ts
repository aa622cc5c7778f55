import { Module } from '@nestjs/common';
import { ContactModule } from '../contact/contact.module.js';
import { AlertController } from './alert.controller.js';
import { AlertService } from './alert.service.js';
import { WatchMetrics } from './watch.metrics.js';
import { WatchObserver } from './watch-observer.js';

/** The server's side of the watch; the watch itself is a process of its own, without Nest. */
@Module({
  imports: [ContactModule],
  controllers: [AlertController],
  providers: [AlertService, WatchMetrics, WatchObserver],
})
export class WatchModule {}
