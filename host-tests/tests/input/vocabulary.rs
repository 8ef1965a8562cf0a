//! Conversion of words and characters to tokens and back, at every size where something could overflow.

use elman::error::{EncodeError, SequenceError, UnknownWord, VocabularyError};
use elman::vocabulary::{Encode, Padded, Unknown};
use elman::{Token, Vocabulary};

type Small = Vocabulary<8, 16>;

fn words(vocabulary: &Small) -> Vec<(usize, &str)> {
    vocabulary.iter().map(|(token, text)| (token.index(), text)).collect()
}

fn small(text: &str) -> Small {
    let mut vocabulary = Small::new();
    vocabulary.insert_words(text).unwrap();
    vocabulary
}

fn indices<const N: usize>(tokens: &[Token<N>]) -> Vec<usize> {
    tokens.iter().map(|token| token.index()).collect()
}

#[test]
fn a_new_vocabulary_has_the_special_tokens() {
    static EMPTY: Small = Small::new();
    assert_eq!(EMPTY.len(), 4);
    assert_eq!(words(&EMPTY), [(0, "<pad>"), (1, "<sos>"), (2, "<eos>"), (3, "<unk>")]);
    assert_eq!(indices(&[Small::PAD, Small::SOS, Small::EOS, Small::UNK]), [0, 1, 2, 3]);
    assert_eq!(EMPTY, Small::default());
}

#[test]
fn words_get_tokens_in_the_order_of_insertion() {
    let mut vocabulary = Small::new();
    assert_eq!(vocabulary.insert("tea").unwrap().index(), 4);
    assert_eq!(vocabulary.insert("grün").unwrap().index(), 5);
    assert_eq!(vocabulary.insert("tea").unwrap().index(), 4);
    assert_eq!(vocabulary.len(), 6);
    assert_eq!(vocabulary.token("grün").unwrap().index(), 5);
    assert_eq!(vocabulary.text(Token::new(5).unwrap()), Some("grün"));
    assert_eq!(vocabulary.text(Token::new(6).unwrap()), None);
    assert_eq!(format!("{vocabulary:?}"), r#"["<pad>", "<sos>", "<eos>", "<unk>", "tea", "grün"]"#);
}

#[test]
fn the_text_of_a_special_token_is_that_token() {
    let mut vocabulary = small("<eos> a <pad>");
    assert_eq!(vocabulary.len(), 5);
    assert_eq!(vocabulary.insert("<sos>"), Ok(Small::SOS));
    assert_eq!(vocabulary.token("<eos>"), Ok(Small::EOS));
    assert_eq!(indices(&vocabulary.encode_words::<4>("a <eos>", Encode::PLAIN).unwrap()), [4, 2]);
}

#[test]
fn an_unknown_word_is_a_typed_result() {
    let vocabulary = small("a b");
    assert_eq!(vocabulary.token("c"), Err(UnknownWord { index: 0 }));
    assert_eq!(vocabulary.token(""), Err(UnknownWord { index: 0 }));
    assert_eq!(vocabulary.token("ab"), Err(UnknownWord { index: 0 }));
    assert_eq!(vocabulary.token_or_unk("c"), Small::UNK);
    assert_eq!(vocabulary.token_or_unk("b").index(), 5);
}

#[test]
fn what_does_not_fit_changes_nothing() {
    let mut vocabulary = small("a b");
    let before = vocabulary.clone();
    assert_eq!(vocabulary.insert(""), Err(VocabularyError::EmptyWord));
    assert_eq!(vocabulary.insert_words("c d e"), Err(VocabularyError::Full { capacity: 8 }));
    assert_eq!(vocabulary, before);
    assert_eq!(vocabulary.insert("0123456789abcde"), Err(VocabularyError::TextFull { capacity: 16 }));
    assert_eq!(vocabulary.insert_words("c 0123456789abcd"), Err(VocabularyError::TextFull { capacity: 16 }));
    assert_eq!(vocabulary.insert_chars("xyz"), Err(VocabularyError::Full { capacity: 8 }));
    assert_eq!(vocabulary, before);
    assert_eq!(vocabulary.token("c"), Err(UnknownWord { index: 0 }));
    // No trace of a failed attempt may show in the words inserted after it.
    vocabulary.insert_words("z 0123456789abc").unwrap();
    assert_eq!(words(&vocabulary)[4..], [(4, "a"), (5, "b"), (6, "z"), (7, "0123456789abc")]);
}

#[test]
fn every_token_and_every_byte_can_be_used() {
    let mut vocabulary = Vocabulary::<5, 3>::new();
    assert_eq!(vocabulary.insert("four"), Err(VocabularyError::TextFull { capacity: 3 }));
    assert_eq!(vocabulary.insert("two").unwrap().index(), 4);
    assert_eq!(vocabulary.insert("x"), Err(VocabularyError::Full { capacity: 5 }));
    assert_eq!(vocabulary.insert("two").unwrap().index(), 4);
    assert_eq!(Vocabulary::<5, 0>::new().insert("x"), Err(VocabularyError::TextFull { capacity: 0 }));
}

#[test]
fn the_largest_text_fits_to_the_last_byte() {
    let mut vocabulary = Box::new(Vocabulary::<300, 65_535>::new());
    for index in 4..299 {
        assert_eq!(vocabulary.insert(&format!("{index:03}")).unwrap().index(), index);
    }
    let rest = "x".repeat(65_535 - 295 * 3);
    assert_eq!(vocabulary.insert(&format!("{rest}x")), Err(VocabularyError::TextFull { capacity: 65_535 }));
    assert_eq!(vocabulary.insert(&rest).unwrap().index(), 299);
    assert_eq!(vocabulary.text(Token::new(299).unwrap()), Some(rest.as_str()));
    assert_eq!(vocabulary.token("298").unwrap().index(), 298);
}

#[test]
fn words_are_cut_at_unicode_whitespace() {
    let vocabulary = small("  a\u{3000}b\n\tc\u{a0}a ");
    assert_eq!(words(&vocabulary)[4..], [(4, "a"), (5, "b"), (6, "c")]);
    let nothing = small(" \n ");
    assert_eq!(nothing.len(), 4);
    assert!(nothing.encode_words::<1>(" ", Encode::PLAIN).unwrap().is_empty());
}

#[test]
fn characters_are_whole_and_whitespace_counts() {
    let mut vocabulary = Vocabulary::<9, 16>::new();
    vocabulary.insert_chars("aß 🙂<").unwrap();
    let text = "🙂 ßa<";
    let tokens = vocabulary.encode_chars::<5>(text, Encode::PLAIN).unwrap();
    assert_eq!(indices(&tokens), [7, 6, 5, 4, 8]);
    assert_eq!(vocabulary.decode_chars(&tokens).to_string(), text);
    // At character level the text of a special token is five characters like any others.
    assert_eq!(
        vocabulary.encode_chars::<9>("<pad>", Encode::PLAIN).unwrap_err(),
        EncodeError::Unknown(UnknownWord { index: 1 })
    );
}

#[test]
fn encoding_adds_what_it_is_told_to() {
    let vocabulary = small("a b");
    let encode =
        |sos, eos| indices(&vocabulary.encode_words::<4>("b a", Encode { sos, eos, ..Encode::PLAIN }).unwrap());
    assert_eq!(encode(false, false), [5, 4]);
    assert_eq!(encode(true, false), [1, 5, 4]);
    assert_eq!(encode(false, true), [5, 4, 2]);
    assert_eq!(encode(true, true), [1, 5, 4, 2]);
    assert_eq!(Encode::PLAIN, Encode::default());
}

#[test]
fn an_unknown_word_is_an_error_or_unk() {
    let vocabulary = small("a b");
    let unknown = Encode { sos: true, ..Encode::PLAIN };
    assert_eq!(
        vocabulary.encode_words::<8>("a b x a", unknown).unwrap_err(),
        EncodeError::Unknown(UnknownWord { index: 2 })
    );
    let unk = Encode { unknown: Unknown::Unk, ..unknown };
    assert_eq!(indices(&vocabulary.encode_words::<8>("a b x a", unk).unwrap()), [1, 4, 5, 3, 4]);
}

#[test]
fn a_sequence_may_fill_its_buffer_and_no_more() {
    let vocabulary = small("a b");
    let how = Encode { sos: true, eos: true, ..Encode::PLAIN };
    assert_eq!(vocabulary.encode_words::<4>("a b", how).unwrap().len(), 4);
    let too_long = |length, capacity| EncodeError::Sequence(SequenceError::TooLong { length, capacity });
    assert_eq!(vocabulary.encode_words::<3>("a b", how).unwrap_err(), too_long(4, 3));
    assert_eq!(vocabulary.encode_words::<1>("a b a b a", how).unwrap_err(), too_long(7, 1));
    assert_eq!(vocabulary.encode_chars::<0>("a", Encode::PLAIN).unwrap_err(), too_long(1, 0));
    assert!(vocabulary.encode_chars::<0>("", Encode::PLAIN).unwrap().is_empty());
}

#[test]
fn decoding_writes_every_token_unless_told_otherwise() {
    let vocabulary = small("good tea");
    let tokens = [1, 4, 3, 7, 2, 5, 0, 0].map(|index| Token::new(index).unwrap());
    let words = vocabulary.decode_words(&tokens);
    assert_eq!(words.to_string(), "<sos> good <unk> <unk> <eos> tea <pad> <pad>");
    assert_eq!(words.without_specials().to_string(), "good <unk> <unk> tea");
    assert_eq!(vocabulary.decode_chars(&tokens[1..2]).to_string(), "good");
    assert_eq!(vocabulary.decode_words(&[]).to_string(), "");
    assert_eq!(vocabulary.decode_words(&tokens[..1]).without_specials().to_string(), "");
}

#[test]
fn padding_keeps_the_true_length() {
    let tokens = [4, 0, 5].map(|index| Token::<8>::new(index).unwrap());
    let padded = Padded::<8, 5>::new(&tokens).unwrap();
    assert_eq!(indices(padded.tokens()), [4, 0, 5, 0, 0]);
    assert_eq!(padded.as_slice(), tokens);
    assert_eq!(Padded::<8, 3>::new(&tokens).unwrap().as_slice(), tokens);
    assert_eq!(Padded::<8, 2>::new(&tokens), Err(SequenceError::TooLong { length: 3, capacity: 2 }));
    assert!(Padded::<8, 1>::new(&[]).unwrap().as_slice().is_empty());
}

#[test]
fn a_vocabulary_is_its_texts_an_index_and_a_count() {
    assert_eq!(size_of::<Vocabulary<64, 512>>(), 512 + 2 * 64 + size_of::<usize>());
}

#[test]
fn errors_say_what_is_wrong() {
    let too_long = SequenceError::TooLong { length: 4, capacity: 3 };
    assert_eq!(
        EncodeError::Unknown(UnknownWord { index: 2 }).to_string(),
        "piece 2 of the text is not in the vocabulary"
    );
    assert_eq!(EncodeError::Sequence(too_long).to_string(), too_long.to_string());
    assert_eq!(VocabularyError::Full { capacity: 8 }.to_string(), "all 8 tokens of the vocabulary are taken");
    assert!(VocabularyError::TextFull { capacity: 16 }.to_string().contains("16 bytes"));
}

/// Returns the words of a sentence in sorted order: all that a model without memory sees.
fn bag(sentence: &str) -> Vec<&str> {
    let mut words: Vec<&str> = sentence.split(' ').collect();
    words.sort_unstable();
    words
}

/// Checks the statements in the data set's README; `N` counts the words and the four special tokens.
fn check_sentences<const N: usize>(text: &str, labels: &[&str], each: usize, pairs: usize) {
    let rows: Vec<(&str, &str)> = text.lines().map(|line| line.split_once('\t').unwrap()).collect();
    assert_eq!(rows.len(), each * labels.len());
    for label in labels {
        assert_eq!(rows.iter().filter(|row| row.0 == *label).count(), each, "{label}");
    }
    let mut vocabulary = Vocabulary::<N, 256>::new();
    for (_, sentence) in &rows {
        assert!(sentence.bytes().all(|byte| byte == b' ' || byte.is_ascii_lowercase()), "{sentence}");
        vocabulary.insert_words(sentence).unwrap();
        let tokens = vocabulary.encode_words::<8>(sentence, Encode::PLAIN).unwrap();
        assert!(tokens.len() >= 2);
        assert_eq!(vocabulary.decode_words(&tokens).to_string(), *sentence);
    }
    assert_eq!(vocabulary.len(), N);
    let reordered = |a: &(&str, &str), b: &(&str, &str)| a.0 < b.0 && bag(a.1) == bag(b.1);
    let found: usize = rows.iter().map(|a| rows.iter().filter(|b| reordered(a, b)).count()).sum();
    assert_eq!(found, pairs);
}

#[test]
fn the_sentences_are_as_described() {
    let two = include_str!("../../../data/sentiment/two-classes.tsv");
    check_sentences::<39>(two, &["negative", "positive"], 40, 2);
    let three = include_str!("../../../data/sentiment/three-classes.tsv");
    check_sentences::<63>(three, &["negative", "neutral", "positive"], 36, 2);
}
