"""Plain pickles, and the formats that are made of them: joblib, Gensim, pandas, object arrays."""
