package io.tarsy.history.session;

/**
 * One text by which a session is found.
 *
 * @param field what it is of its record, such as {@code final_analysis} or {@code tool_result}
 * @param text as it came
 */
public record Passage(String field, String text) {}
