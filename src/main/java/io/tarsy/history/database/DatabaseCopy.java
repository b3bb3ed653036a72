package io.tarsy.history.database;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Copies of the whole database while it is in use. */
@ApplicationScoped
public class DatabaseCopy {
    @Inject
    Database database;

    /** Whether this server can make one; else the database has tools of its own. */
    public boolean isPossible() {
        return database.dialect().canBeCopied();
    }

    /** Where copies are kept if nothing else is said: beside the database's file; null if it has none. */
    public @Nullable Path usualFolder() {
        var file = database.chosen().sqliteFile();
        return file == null ? null : file.resolveSibling("backups");
    }

    /** Makes a copy as of one moment and proves it; the file is there only once it is complete and on disk. */
    public void to(Path file) {
        try {
            database.dialect().copyTo(file);
        } catch (SQLException failed) {
            throw new DatabaseFailure(failed);
        }
    }
}
