package io.tarsy.history.transfer;

/** Marks text as code in Markdown, whatever it holds. */
final class Fence {
    private Fence() {}

    /** The text between fences that are longer than any run of backticks in it. */
    static String around(String language, String text) {
        int longest = 2;
        int run = 0;
        for (int at = 0; at < text.length(); at++) {
            run = text.charAt(at) == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        var fence = "`".repeat(longest + 1);
        return fence + language + "\n" + text + (text.endsWith("\n") ? "" : "\n") + fence + "\n";
    }
}
