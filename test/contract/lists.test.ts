import { storeUnderTest } from '../support/lane.ts';
import { openStore } from '../support/stores.ts';
import { listsContract } from './storage-contract.ts';

listsContract(storeUnderTest(), openStore);
