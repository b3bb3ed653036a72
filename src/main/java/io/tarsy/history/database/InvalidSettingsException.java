package io.tarsy.history.database;

import java.util.List;

/** Settings that nobody may start with; its message lists every fault, one a line. */
public final class InvalidSettingsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<String> faults;

    InvalidSettingsException(List<String> faults) {
        super(String.join("\n", faults));
        this.faults = List.copyOf(faults);
    }

    /** What is wrong, a sentence each. */
    public List<String> faults() {
        return faults;
    }
}
