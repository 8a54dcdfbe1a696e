import { createRecords, isAnyIn, openStore, refuseOpenDoor, type Config } from '@bonafide/platform';

/** Whether the store of the service holds a key. */
export async function hasKeys(config: Config): Promise<boolean> {
  const store = await openStore(config.store);
  try {
    return await isAnyIn(createRecords(store));
  } finally {
    store.close();
  }
}

/** @throws OpenDoorError when others could reach a service that asks for no key */
export async function refuseOpenDoorOf(config: Config): Promise<void> {
  await refuseOpenDoor(config.http.host, () => hasKeys(config));
}
