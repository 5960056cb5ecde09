import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { KeyService } from '../../../access/key-service.js';
import type { Principal } from '../../../access/principal.js';
import { Requires } from '../../rights/requires.decorator.js';
import { Caller } from '../schema/actor.decorator.js';
import { ApiKey, CreatedApiKey, toApiKey } from './api-key.type.js';
import { NewKeyArgs } from './new-key.args.js';
import { Role, toUser, User } from './user.type.js';

const TEXT = { type: () => String };

/** Users, roles and API keys. */
@Resolver()
export class AccessResolver {
  constructor(@Inject(KeyService) private readonly keys: KeyService) {}

  @Requires('read:keys')
  @Query(() => [ApiKey], {
    description: 'The API keys, newest first; only your own, unless you may everything.',
  })
  async apiKeys(@Caller() caller: Principal): Promise<ApiKey[]> {
    return (await this.keys.list(caller)).map(toApiKey);
  }

  @Requires('read:keys')
  @Query(() => [User], { description: 'The users, by name.' })
  async users(): Promise<User[]> {
    return (await this.keys.users()).map(toUser);
  }

  @Requires('read:keys')
  @Query(() => [Role], { description: 'The built-in roles, then those of this instance.' })
  roles(): Promise<Role[]> {
    return this.keys.roles();
  }

  @Requires('write:keys')
  @Mutation(() => CreatedApiKey, { description: 'Creates an API key, and shows it this once.' })
  async createApiKey(
    @Args() args: NewKeyArgs,
    @Caller() caller: Principal,
  ): Promise<CreatedApiKey> {
    const { key, row } = await this.keys.create(caller, args);
    return { key, apiKey: toApiKey(row) };
  }

  @Requires('write:keys')
  @Mutation(() => ApiKey, { description: 'Revokes an API key: it is refused within five seconds.' })
  async revokeApiKey(
    @Args('id', { type: () => ID }) id: string,
    @Caller() caller: Principal,
  ): Promise<ApiKey> {
    return toApiKey(await this.keys.revoke(caller, id));
  }

  @Requires('write:keys')
  @Mutation(() => User, { description: 'Adds a user, or gives one another role.' })
  async setUser(
    @Args('name', TEXT) name: string,
    @Args('role', TEXT) role: string,
    @Caller() caller: Principal,
  ): Promise<User> {
    return toUser(await this.keys.setUser(caller, name, role));
  }

  @Requires('write:keys')
  @Mutation(() => User, { description: 'Makes all keys of a user invalid.' })
  async disableUser(@Args('name', TEXT) name: string, @Caller() caller: Principal): Promise<User> {
    return toUser(await this.keys.disableUser(caller, name));
  }

  @Requires('write:keys')
  @Mutation(() => Role, { description: 'Sets the rights of a role of this instance.' })
  setRole(
    @Args('name', TEXT) name: string,
    @Args('rights', { type: () => [String] }) rights: string[],
    @Caller() caller: Principal,
  ): Promise<Role> {
    return this.keys.setRole(caller, name, rights);
  }
}
