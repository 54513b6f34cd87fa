import { storeUnderTest } from '../support/lane.ts';
import { openStore } from '../support/stores.ts';
import { listsContract } from './storage-contract.ts';

jest.setTimeout(60_000);

listsContract(storeUnderTest(), openStore);
