package io.tarsy.history.ingest;

import io.tarsy.history.http.ProblemException;
import io.tarsy.history.session.Writes;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;

/** Stores some lines of a batch in one transaction. */
@Stateless
public class BatchService {
    @Inject
    Writes writes;

    /** Stores these lines in their order; one that is refused leaves the others alone. */
    public List<Result> store(List<Line> lines) {
        var results = new ArrayList<Result>(lines.size());
        for (var line : lines) {
            try {
                results.add(Result.of(line, writes.store(line.needed())));
            } catch (ProblemException refused) {
                results.add(Result.rejected(line, refused));
            }
        }
        return results;
    }
}
