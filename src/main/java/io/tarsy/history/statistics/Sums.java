package io.tarsy.history.statistics;

import io.tarsy.history.database.Row;

/**
 * What is added up in a cell.
 *
 * @param number of things
 * @param errors among them
 * @param inputTokens of a model
 * @param outputTokens of a model
 * @param totalTokens of a model
 */
record Sums(long number, long errors, long inputTokens, long outputTokens, long totalTokens) {
    static final Sums NONE = new Sums(0, 0, 0, 0, 0);

    /** The columns that hold it. */
    static final String COLUMNS = "number, errors, input_tokens, output_tokens, total_tokens";

    /** The sums of those columns, under their names. */
    static final String SUMMED = "sum(number) as number, sum(errors) as errors, sum(input_tokens) as input_tokens,"
            + " sum(output_tokens) as output_tokens, sum(total_tokens) as total_tokens";

    static Sums of(Row row) {
        return new Sums(
                row.count("number"),
                row.count("errors"),
                row.count("input_tokens"),
                row.count("output_tokens"),
                row.count("total_tokens"));
    }

    Sums plus(Sums more) {
        return new Sums(
                number + more.number,
                errors + more.errors,
                inputTokens + more.inputTokens,
                outputTokens + more.outputTokens,
                totalTokens + more.totalTokens);
    }
}
