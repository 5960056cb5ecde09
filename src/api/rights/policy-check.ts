import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { POLICY } from './requires.decorator.js';

/** The metadata key under which @nestjs/graphql stores a resolver's type; the package does not export the key. */
const RESOLVER_TYPE = 'graphql:resolver_type';
const OPERATIONS = ['Query', 'Mutation', 'Subscription'];

/** Makes the start fail when a route or a resolver has no policy. */
@Injectable()
export class PolicyCheck implements OnModuleInit {
  constructor(
    private readonly modules: ModulesContainer,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    const missing = [...this.modules.values()]
      .flatMap(({ controllers, providers }) => [...controllers.values(), ...providers.values()])
      .flatMap(({ instance }) => (instance ? this.unprotected(instance as object) : []));
    if (missing.length === 0) return;
    throw new Error(`No policy on ${missing.join(', ')}: add @Requires(right) or @Public().`);
  }

  private unprotected(instance: object): string[] {
    const prototype = Object.getPrototypeOf(instance) as Record<string, object> | null;
    return this.scanner
      .getAllMethodNames(prototype)
      .filter(
        (name) => isEntry(prototype![name]!) && !Reflect.hasMetadata(POLICY, prototype![name]!),
      )
      .map((name) => `${instance.constructor.name}.${name}`);
  }
}

/** True for routes and for fields of root types: all other resolvers are reached only through these. */
const isEntry = (handler: object): boolean =>
  Reflect.hasMetadata(PATH_METADATA, handler) ||
  OPERATIONS.includes(Reflect.getMetadata(RESOLVER_TYPE, handler) as string);
