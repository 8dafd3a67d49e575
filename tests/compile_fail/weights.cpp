// Entries of the manifest that do not fit a model, with stand-ins for both.
#include "xzoo/weights/bert.hpp"
#include "xzoo/weights/roberta.hpp"

using namespace xzoo;

inline constexpr BertConfig small{.hidden_size = 8, .num_labels = 3};

template <BertConfig C, const char* Class, bool IsBase>
struct Model {
    static constexpr BertConfig config = C;
    static constexpr const char* class_name = Class;
    static constexpr const char* base_model_prefix = "bert";
    static constexpr bool is_base_model = IsBase;
    static constexpr std::array<Tie, 0> ties{};
};
inline constexpr char base_class[] = "BertModel";
inline constexpr char classifier_class[] = "BertForSequenceClassification";

template <BertConfig C>
struct Base : Model<C, base_class, true> {
    using Table = EmbeddingParam<C.vocab_size, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(Base, (Table, word_embeddings), (Param<C.hidden_size>, norm));
};
template <BertConfig C>
struct Classifier : Model<C, classifier_class, false> {
    using Scores = MatrixParam<C.num_labels, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(Classifier, (Base<C>, bert), (Scores, classifier));
};

enum class Made { whole, half };
inline constexpr std::array<TensorRecord, 3> tensors{{
    {"bert.norm", Dtype::f32, {8}},
    {"bert.word_embeddings", Dtype::f32, {30522, 8}},
    {"classifier", Dtype::f32, {3, 8}},
}};
inline constexpr std::array<TensorRecord, 2> some_tensors{tensors[0], tensors[2]};

template <>
struct xzoo::Weights<Made::whole> {
    static constexpr BertConfig config = small;
    static constexpr WeightEntry entry{.architecture = classifier_class, .tensors = tensors};
};
template <>
struct xzoo::Weights<Made::half> {
    static constexpr BertConfig config = small;
    static constexpr WeightEntry entry{.architecture = classifier_class, .tensors = some_tensors};
};

inline constexpr BertConfig five_labels{.hidden_size = 8, .num_labels = 5};
static_assert(CheckWeights<Classifier<small>, Made::whole>::checked);
static_assert(CheckWeights<Base<five_labels>, Made::whole>::checked);  // it has no labels
static_assert(weight_entry(BertWeights::default_).name == "base_uncased");

#ifdef XZOO_MISTAKE

// expect: 'num_labels' of the entry differs from the model's BertConfig
// with: 5, 3
static_assert(CheckWeights<Classifier<five_labels>, Made::whole>::checked);

// expect: 'hidden_size' of the entry differs from the model's BertConfig
// with: 9, 8
inline constexpr BertConfig wider{.hidden_size = 9, .num_labels = 3};
static_assert(CheckWeights<Classifier<wider>, Made::whole>::checked);

// expect: weights manifest: this tensor has another shape in the entry than in the model
// with: bert.word_embeddings | ModelShape<30522, 9> | EntryShape<30522, 8>
static_assert(CheckTensors<Classifier<wider>, Weights<Made::whole>::entry>::checked);

// expect: weights manifest: this tensor has another shape in the entry than in the model
// with: classifier | ModelShape<5, 8> | EntryShape<3, 8>
static_assert(CheckTensors<Classifier<five_labels>, Weights<Made::whole>::entry>::checked);

// expect: weights manifest: the entry has not got this tensor, which the model needs
// with: bert.word_embeddings | ModelShape<30522, 8>
static_assert(CheckWeights<Classifier<small>, Made::half>::checked);

// The bare model finds its tensors below "bert."; its own name for this one has no prefix.
// expect: weights manifest: the entry has not got this tensor, which the model needs
// with: <word_embeddings | ModelShape<30522, 8>
static_assert(CheckWeights<Base<small>, Made::half>::checked);

// expect: weights manifest: the entry is for models of another family
// with: RobertaFamily
static_assert(CheckWeights<Base<small>, RobertaWeights::base>::checked);

// expect: base_uncasd
static_assert(CheckWeights<Base<small>, BertWeights::base_uncasd>::checked);

#endif
