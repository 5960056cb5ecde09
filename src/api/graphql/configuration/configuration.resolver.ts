import { Inject } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { isStale } from '../../../platform/config/config-stamp.js';
import { ApiSettings } from '../../shared/api-settings.js';
import { Requires } from '../../rights/requires.decorator.js';
import { Configuration } from './configuration.type.js';

/** Reads the configuration with which the server was started. */
@Resolver(() => Configuration)
export class ConfigurationResolver {
  constructor(@Inject(ApiSettings) private readonly settings: ApiSettings) {}

  @Requires('read:directives')
  @Query(() => Configuration)
  configuration(): Configuration {
    const { configStamp: stamp } = this.settings;
    return { file: stamp.file, readAt: stamp.readAt, stale: isStale(stamp) };
  }
}
