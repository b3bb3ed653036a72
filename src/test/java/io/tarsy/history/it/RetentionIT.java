package io.tarsy.history.it;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Retention and orphans, each pair on a server of its own whose settings are small. */
@Tag("across")
@Execution(ExecutionMode.CONCURRENT)
class RetentionIT {

    @Nested
    class OnPayaraWithSqlite extends RetentionPromises {
        OnPayaraWithSqlite() {
            super("payara", "sqlite");
        }
    }

    @Nested
    class OnLibertyWithPostgresql extends RetentionPromises {
        OnLibertyWithPostgresql() {
            super("liberty", "postgresql");
        }
    }
}
