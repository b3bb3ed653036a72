package io.tarsy.history.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 7396, with the cases of its appendix. */
class MergePatchTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'a':'b'} | {'a':'c'} | {'a':'c'}",
                "{'a':'b'} | {'b':'c'} | {'a':'b','b':'c'}",
                "{'a':'b'} | {'a':null} | {}",
                "{'a':'b','b':'c'} | {'a':null} | {'b':'c'}",
                "{'a':['b']} | {'a':'c'} | {'a':'c'}",
                "{'a':'c'} | {'a':['b']} | {'a':['b']}",
                "{'a':{'b':'c'}} | {'a':{'b':'d','c':null}} | {'a':{'b':'d'}}",
                "{'a':[{'b':'c'}]} | {'a':[1]} | {'a':[1]}",
                "['a','b'] | ['c','d'] | ['c','d']",
                "{'a':'b'} | ['c'] | ['c']",
                "{'a':'foo'} | null | null",
                "{'a':'foo'} | 'bar' | 'bar'",
                "{'e':null} | {'a':1} | {'e':null,'a':1}",
                "[1,2] | {'a':'b','c':null} | {'a':'b'}",
                "{} | {'a':{'bb':{'ccc':null}}} | {'a':{'bb':{}}}",
                "{'n':1.50,'o':{'x':12345678901234567890123}} | {'p':1e400} |"
                        + " {'n':1.50,'o':{'x':12345678901234567890123},'p':1e400}",
            })
    void mergesAsTheAppendixSays(String target, String patch, String merged) {
        assertThat(MergePatch.apply(json(target), json(patch))).isEqualTo(json(merged));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'a':1} | {'a':2}",
                "{'a':1,'b':{'c':1,'d':2}} | {'b':{'d':3},'e':[1,{'f':null}]}",
                "{'a':{'b':1}} | {'a':[1]}",
                "{'e':null} | {'e':null,'x':1}",
            })
    void thePatchBetweenTwoTurnsOneIntoTheOther(String from, String to) {
        var patch = String.valueOf(MergePatch.between(json(from), json(to)));

        assertThat(patch).startsWith("{");
        assertThat(MergePatch.same(MergePatch.apply(json(from), patch), json(to)))
                .isTrue();
    }

    @Test
    void nothingIsBetweenTwoThatSayTheSame() {
        assertThat(MergePatch.between("{\"a\":1,\"b\":\"\\u00e4\"}", "{ \"b\" : \"ä\", \"a\":1 }"))
                .isNull();
    }

    @Test
    void digitsOfNumbersCount() {
        assertThat(MergePatch.same("1.0", "1.00")).isFalse();
        assertThat(MergePatch.same("[1,2]", "[2,1]")).isFalse();
        assertThat(MergePatch.same("{\"a\":[1,{\"b\":2,\"c\":3}]}", "{\"a\":[1,{\"c\":3,\"b\":2}]}"))
                .isTrue();
        assertThat(MergePatch.same(null, "null")).isFalse();
    }

    private static String json(String quoted) {
        return quoted.replace('\'', '"');
    }
}
