import { Logger } from '@nestjs/common';

// What runs outside an application would log to the console; applications configure their own logger.
Logger.overrideLogger(false);
