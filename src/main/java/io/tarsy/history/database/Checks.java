package io.tarsy.history.database;

import java.util.List;

/** What one room can be asked about how it is; every bean of this kind is found by the doctor. */
public interface Checks {
    /** The checks that apply to this installation. */
    List<Check> list();
}
