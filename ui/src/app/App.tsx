/* SPDX-License-Identifier: Apache-2.0 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, type ReactElement } from "react";
import { ApiError, get } from "../api/client";
import type { Session } from "../api/types";
import { switchLang } from "../i18n";
import { currentLang, hasChosenLang } from "../i18n/lang";
import { useRoute } from "../lib/route";
import { ErrorNote } from "../ui/States";
import { Tips } from "../ui/Tips";
import { Toasts } from "../ui/toast";
import { Boundary } from "./Boundary";
import { SessionContext } from "./session";
import { useLive } from "./live";
import { WALL } from "./pages";
import { Shell } from "./Shell";
import { Simulated } from "./Simulated";

const InvitePage = lazy(() => import("../pages/invite/InvitePage"));
const SignInPage = lazy(() => import("../pages/signin/SignInPage"));

/* The page in its frame, or the wall, which has none. */
function Signed({ wall }: { wall: boolean }): ReactElement {
  useLive();
  return wall ? <WALL.page /> : <Shell />;
}

function Gate(): ReactElement {
  const route = useRoute();
  const client = useQueryClient();
  const session = useQuery({
    queryKey: ["session"],
    queryFn: () => get<Session>("/session"),
    staleTime: 60_000,
    retry: false,
  });
  /* any answer of 401 ends the page's session: the cache asks again, and the sign-in page stands there */
  useEffect(() => {
    return client.getQueryCache().subscribe((e) => {
      const error = e.query.state.error;
      if (e.type !== "updated" || e.query.queryKey[0] === "session") return;
      if (error instanceof ApiError && error.status === 401) void client.invalidateQueries({ queryKey: ["session"] });
    });
  }, [client]);
  const own = session.data?.user.lang;
  useEffect(() => {
    if (own && own !== currentLang() && !hasChosenLang()) void switchLang(own);
  }, [own]);
  if (route.path[0] === "invite" && route.path[1]) return <InvitePage token={route.path[1]} />;
  if (session.isPending) return <div className="gate" aria-busy="true" />;
  const signedOut = session.error instanceof ApiError && session.error.status === 401;
  if (signedOut) return <SignInPage ended={session.data !== undefined} />;
  if (!session.data)
    return (
      <div className="gate">
        <ErrorNote error={session.error} retry={() => void session.refetch()} />
      </div>
    );
  return (
    <SessionContext.Provider value={session.data}>
      <Signed wall={route.path[0] === "wall"} />
    </SessionContext.Provider>
  );
}

export function App(): ReactElement {
  return (
    <Boundary>
      <Suspense fallback={<div className="gate" aria-busy="true" />}>
        <Gate />
      </Suspense>
      <Simulated />
      <Tips />
      <Toasts />
    </Boundary>
  );
}
