package io.tarsy.history.database;

/** The databases that can keep the history. */
public enum DatabaseType {
    /** One file, or memory, in this process. */
    SQLITE("SQLite"),
    /** A PostgreSQL server. */
    POSTGRESQL("PostgreSQL");

    private final String title;

    DatabaseType(String title) {
        this.title = title;
    }

    /** Its name for people. */
    public String title() {
        return title;
    }
}
