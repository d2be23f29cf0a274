/* SPDX-License-Identifier: Apache-2.0 */
/* One door to the server: adds the language and the anti-forgery header, turns problem+json into ApiError. */
import { currentLang } from "../i18n/lang";

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: Record<string, string>;
  readonly retryAfter: number | null;

  constructor(status: number, code: string, detail: string, errors: Record<string, string>, retryAfter: number | null) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>;

/* Empty values are left out, so that a filter that is not set is not sent. */
export function withQuery(path: string, query: Query = {}): string {
  const q = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== "") q.set(key, String(value));
  const text = q.toString();
  return text ? `${path}?${text}` : path;
}

interface Ask {
  method?: string;
  query?: Query;
  json?: unknown;
  body?: BodyInit;
  type?: string;
  etag?: string | undefined;
  signal?: AbortSignal;
}

async function problem(answer: Response): Promise<ApiError> {
  let doc: { code?: string; detail?: string; title?: string; errors?: Record<string, string> } = {};
  try {
    doc = (await answer.json()) as typeof doc;
  } catch {
    /* a proxy or a dying process answers without a document: the status is all there is */
    doc = {};
  }
  const retry = Number(answer.headers.get("Retry-After"));
  const code = doc.code ?? (answer.status === 401 ? "unauthenticated" : "http");
  return new ApiError(
    answer.status,
    code,
    doc.detail ?? doc.title ?? `HTTP ${answer.status}`,
    doc.errors ?? {},
    retry > 0 ? retry : null,
  );
}

export async function api<T>(path: string, ask: Ask = {}): Promise<T> {
  const headers: Record<string, string> = {
    Accept: "application/json",
    "Accept-Language": currentLang(),
    "X-Canh": "1",
  };
  let body = ask.body ?? null;
  if (ask.json !== undefined) {
    body = JSON.stringify(ask.json);
    headers["Content-Type"] = "application/json";
  } else if (ask.type) headers["Content-Type"] = ask.type;
  if (ask.etag) headers["If-Match"] = ask.etag;
  let answer: Response;
  try {
    answer = await fetch(withQuery(`api/v1${path}`, ask.query), {
      method: ask.method ?? "GET",
      headers,
      body,
      credentials: "same-origin",
      signal: ask.signal ?? null,
    });
  } catch (e) {
    if (e instanceof DOMException && e.name === "AbortError") throw e;
    throw new ApiError(0, "unreachable", "", {}, null);
  }
  if (!answer.ok) throw await problem(answer);
  const text = await answer.text();
  return (text ? JSON.parse(text) : null) as T;
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  api<T>(path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) });
export const post = <T>(path: string, json: unknown = {}): Promise<T> => api<T>(path, { method: "POST", json });
export const patch = <T>(path: string, json: unknown, etag?: string): Promise<T> =>
  api<T>(path, { method: "PATCH", json, etag });
export const put = <T>(path: string, json: unknown): Promise<T> => api<T>(path, { method: "PUT", json });
export const remove = <T = null>(path: string): Promise<T> => api<T>(path, { method: "DELETE" });
