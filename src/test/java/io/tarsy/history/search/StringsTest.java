package io.tarsy.history.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StringsTest {
    @Test
    void areASet() {
        var strings = new Strings();
        var set = new LinkedHashSet<String>();
        var random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            var one =
                    Long.toString(random.nextInt(30_000), 36) + (i % 7 == 0 ? "内" : i % 11 == 0 ? "\uD840\uDC00·" : "");
            assertThat(strings.add(one)).isEqualTo(set.add(one));
        }

        assertThat(strings.size()).isEqualTo(set.size());
        assertThat(strings.list()).containsExactlyElementsOf(set);
        assertThat(strings.text()).isEqualTo(" " + String.join(" ", set) + " ");
        assertThat(strings.bytes())
                .isEqualTo(set.stream()
                        .mapToLong(one -> one.getBytes(StandardCharsets.UTF_8).length)
                        .sum());
    }

    @Test
    void takeNothingForNoString() {
        var strings = new Strings();

        assertThat(strings.add("")).isFalse();
        assertThat(strings.text()).isEmpty();
        assertThat(strings.list()).isEmpty();
    }

    @Test
    void knowWhatOthersHave() {
        var some = new Strings();
        some.add("one");
        some.add("two");
        var others = new Strings();
        others.add("two");

        assertThat(some.hasAll(others)).isTrue();
        assertThat(others.hasAll(some)).isFalse();
        others.append("onetwo", 0, 3).add();
        assertThat(others.hasAll(some)).isTrue();
    }
}
