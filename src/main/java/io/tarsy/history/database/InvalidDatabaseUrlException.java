package io.tarsy.history.database;

import java.util.List;

/** A connection string that cannot be used, with everything that is wrong with it and never its password. */
public final class InvalidDatabaseUrlException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<String> faults;

    InvalidDatabaseUrlException(List<String> faults) {
        super(String.join("\n", faults));
        this.faults = List.copyOf(faults);
    }

    /** What is wrong, a sentence each. */
    public List<String> faults() {
        return faults;
    }
}
