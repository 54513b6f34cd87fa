import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { api, type Call, isPassing } from '../api/client.ts';
import type { Slice } from '../api/types.ts';
import { t } from '../words/index.ts';
import { complain, wordsOf } from './notices.ts';
import { Button } from './parts.tsx';

export interface Loaded<T> {
  data: T | null;
  error: string | null;
  reload: () => Promise<void>;
  replace: (data: T) => void;
}

/**
 * What a call answers, asked for anew whenever `key` changes; an answer that comes too late is dropped. With data an
 * error is that of having it loaded anew.
 */
export function useLoaded<T>(path: string, query: Call['query'] = {}): Loaded<T> {
  const key = `${path} ${JSON.stringify(query)}`;
  const [state, setState] = useState<{ key: string; data: T | null; error: string | null }>({
    key,
    data: null,
    error: null,
  });
  const load = useCallback(async () => {
    try {
      const data = await api<T>(path, { query });
      setState({ key, data, error: null });
    } catch (error) {
      const told = { key, data: null, error: wordsOf(error) };
      // What could not be asked for anew stands there still, and so does what is being written in it.
      setState((before) =>
        before.key === key && isPassing(error) ? { ...before, error: told.error } : told,
      );
    }
  }, [key]);
  useEffect(() => {
    void load();
  }, [load]);
  const isCurrent = state.key === key;
  return {
    data: isCurrent ? state.data : null,
    error: isCurrent ? state.error : null,
    reload: load,
    replace: (data) => setState({ key, data, error: null }),
  };
}

export interface Pages<T> extends Omit<Loaded<T>, 'data' | 'replace'> {
  items: T[] | null;
  total: number | null;
  more: (() => Promise<void>) | null;
}

/** A list that goes on by its cursor. */
export function usePages<T>(path: string, query: Call['query'] = {}): Pages<T> {
  const first = useLoaded<Slice<T>>(path, query);
  const [rest, setRest] = useState<{ of: Slice<T> | null; items: T[]; cursor: string | null }>({
    of: null,
    items: [],
    cursor: null,
  });
  const { data } = first;
  const later = rest.of === data ? rest : { of: data, items: [], cursor: data?.nextCursor ?? null };
  const more = async () => {
    try {
      const next = await api<Slice<T>>(path, { query: { ...query, cursor: later.cursor } });
      setRest({ of: data, items: [...later.items, ...next.items], cursor: next.nextCursor });
    } catch (error) {
      complain(error);
    }
  };
  return {
    items: data && [...data.items, ...later.items],
    total: data?.total ?? null,
    error: first.error,
    reload: first.reload,
    more: later.cursor === null ? null : more,
  };
}

interface WaitingProps {
  error: string | null;
  reload: () => Promise<void>;
}

/** What stands where an answer will stand. */
export function Waiting({ error, reload }: WaitingProps) {
  if (error === null)
    return (
      <p class="waiting" aria-busy="true">
        {t('loading')}
      </p>
    );
  return (
    <div class="empty" role="alert">
      <p>{error}</p>
      <Button onClick={() => void reload()}>{t('again')}</Button>
    </div>
  );
}

interface PagedProps<T> {
  pages: Pages<T>;
  empty: string;
  children: (items: T[]) => ComponentChildren;
}

export function Paged<T>({ pages, empty, children }: PagedProps<T>) {
  if (pages.items === null) return <Waiting {...pages} />;
  if (pages.items.length === 0 && pages.error === null) return <p class="empty">{empty}</p>;
  return (
    <>
      {pages.error !== null && <Waiting {...pages} />}
      {children(pages.items)}
      {pages.more && (
        <p class="more">
          <Button onClick={() => void pages.more?.()}>{t('more')}</Button>
        </p>
      )}
    </>
  );
}
