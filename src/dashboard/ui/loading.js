import { Fragment as _Fragment, jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useCallback, useEffect, useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import { t } from '../words/index.ts';
import { complain, wordsOf } from './notices.ts';
import { Button } from './parts.tsx';
/** What a call answers, asked for anew whenever `key` changes; an answer that comes too late is dropped. */
export function useLoaded(path, query = {}) {
    const key = `${path} ${JSON.stringify(query)}`;
    const [state, setState] = useState({
        key,
        data: null,
        error: null,
    });
    const load = useCallback(async () => {
        try {
            const data = await api(path, { query });
            setState({ key, data, error: null });
        }
        catch (error) {
            setState({ key, data: null, error: wordsOf(error) });
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
/** A list that goes on by its cursor. */
export function usePages(path, query = {}) {
    const first = useLoaded(path, query);
    const [rest, setRest] = useState({
        of: null,
        items: [],
        cursor: null,
    });
    const { data } = first;
    const later = rest.of === data ? rest : { of: data, items: [], cursor: data?.nextCursor ?? null };
    const more = async () => {
        try {
            const next = await api(path, { query: { ...query, cursor: later.cursor } });
            setRest({ of: data, items: [...later.items, ...next.items], cursor: next.nextCursor });
        }
        catch (error) {
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
/** What stands where an answer will stand. */
export function Waiting({ error, reload }) {
    if (error === null)
        return (_jsx("p", { class: "waiting", "aria-busy": "true", children: t('loading') }));
    return (_jsxs("div", { class: "empty", role: "alert", children: [_jsx("p", { children: error }), _jsx(Button, { onClick: () => void reload(), children: t('again') })] }));
}
export function Paged({ pages, empty, children }) {
    if (pages.items === null)
        return _jsx(Waiting, { ...pages });
    if (pages.items.length === 0)
        return _jsx("p", { class: "empty", children: empty });
    return (_jsxs(_Fragment, { children: [children(pages.items), pages.more && (_jsx("p", { class: "more", children: _jsx(Button, { onClick: () => void pages.more?.(), children: t('more') }) }))] }));
}
