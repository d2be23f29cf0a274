-- A million alerts: whether a rule was ever verified true, asked by each alert that is opened.

CREATE INDEX alerts_true ON alerts (rule) WHERE verdict = 'true';
