package io.tarsy.history.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarsy.history.http.ProblemException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TermsTest {
    /** Words of a term with a blank between them, terms with a comma; + is what may go on, ! what must not be there. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pod crash                  | pod,crash
            "out of memory" pod        | out of memory,pod
            -pod crash                 | !pod,crash
            -"out of memory" pod       | !out of memory,pod
            cra*                       | cra+
            cafe\u0301*                | cafe+
            cafe-\u0301*               | cafe
            my-app-7f*                 | my app 7f+
            my-app-*                   | my app
            foo*bar                    | foo bar
            "no end pod                | no,end,pod
            foo"bar" baz               | foo bar,baz
            - pod                      | pod
            --pod                      | !pod
            pod AND NOT OR near        | pod,and,not,or,near
            (pod)&!x:* <-> pod:*       | pod x,pod
            50% it's a\\b               | 50,it s,a b
            内存                        | 内 存
            pod pod POD                | pod
            """)
    void takesQuestionsApart(String question, String terms) {
        assertThat(shown(Terms.of("search", question))).isEqualTo(terms);
    }

    private static String shown(List<Term> terms) {
        return terms.stream()
                .map(term -> (term.excluded() ? "!" : "") + String.join(" ", term.words()) + (term.prefix() ? "+" : ""))
                .collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "  a  ", "...", "-\"\"", "***", "👩‍💻👩‍💻👩‍💻"})
    void refusesWhatCannotBeLookedFor(String question) {
        assertThatThrownBy(() -> Terms.of("search", question)).isInstanceOf(ProblemException.class);
    }

    @Test
    void countsCharactersAsPeopleDo() {
        assertThat(Terms.of("search", "x" + "👩".repeat(198) + "y")).hasSize(1);
        assertThatThrownBy(() -> Terms.of("search", "x".repeat(201))).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> Terms.of("search", "\"".repeat(10_000))).isInstanceOf(ProblemException.class);
    }

    @Test
    void onlyAPhraseOfThreeWordsNeedsMoreThanTheIndex() {
        assertThat(Terms.of("search", "one one-two a-b-c"))
                .extracting(Term::isExact)
                .containsExactly(true, true, false);
    }
}
